const load = async (id) => {
  await null;
  throw new RangeError(`no user ${id}`);
};
async function page() {
  try {
    await load(7);
  } catch (cause) {
    throw new Error('the page cannot be shown', { cause });
  }
}
await page();
