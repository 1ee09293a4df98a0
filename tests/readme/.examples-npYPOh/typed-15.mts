import { LoadError, createSandbox, setWasm } from 'caisson';

setWasm('http://localhost:1/caisson.wasm');
try {
  await createSandbox();
} catch (error) {
  console.log(error instanceof LoadError); // true
}
setWasm(undefined); // the package's own again
const sandbox = await createSandbox();
console.log(sandbox.evalSync('1 + 1')); // 2
sandbox.dispose();

export {};
