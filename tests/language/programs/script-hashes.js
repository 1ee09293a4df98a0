// Call sites name their script by the SHA-256 of its source.
Error.prepareStackTrace = (error, sites) => sites;
for (const source of ['new Error()', 'new Error("é")', 'new Error("日本")', ...[44, 45, 53, 54, 200].map((count) => ' '.repeat(count) + 'new Error()')])
  console.log(source.length, (0, eval)(source).stack[0].getScriptHash());
