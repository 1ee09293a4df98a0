// The script of a worker (the option `worker` of createWorkerSandbox): `import 'caisson/worker-main'`.
export {};
