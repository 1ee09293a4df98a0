import { nothing } from "./nowhere.mjs";
