// Modules that are refused: the importing module gets the error, with the place in the one imported.
const names = ['missing-comma', 'types', 'specifier', 'undeclared', 'absent', 'nowhere', 'twice', 'await-in-function', 'names-in-circle',
  'assigns', 'json', 'dead-zone', 'dead-zone-2', 'unknown', 'imports-unknown'];
for (const name of names) {
  try {
    await import(`./modules/${name}.mjs`);
    console.log('no error', name);
  } catch (error) {
    console.log(error.stack + '\n');
  }
}
await import('./modules/good.mjs').then((module) => { module.present = 2; }).catch((error) => console.log(error.stack));
