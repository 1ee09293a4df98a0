// The script of a worker as a text, for where its file cannot be found.
export { default as text } from 'worker-main:text';
