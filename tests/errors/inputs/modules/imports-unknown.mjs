// imports what is not there
import "./unknown.mjs";
