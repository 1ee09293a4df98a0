// https://nodejs.org/api/fs.html#promises-api : the module node:fs/promises of guests.
import { promises } from 'node:fs';

export const { access, appendFile, constants, copyFile, lstat, mkdir, mkdtemp, readFile, readdir, readlink } = promises;
export const { realpath, rename, rm, rmdir, stat, truncate, unlink, writeFile } = promises;
export default promises;
