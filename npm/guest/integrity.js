// https://w3c.github.io/webappsec-subresource-integrity/
(function (web) {
  'use strict';
  const strengths = ['sha256', 'sha384', 'sha512'];
  const plain = (text) => text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '');
  function base64(buffer) {
    let text = '';
    for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
    return btoa(text);
  }
  // https://w3c.github.io/webappsec-subresource-integrity/#get-the-strongest-metadata: [strength, digests]
  function strongest(metadata) {
    let best = -1;
    let digests = [];
    for (const item of metadata.split(/[\t\n\f\r ]+/)) {
      const [, name, value] = /^(sha\d+)-([A-Za-z0-9+/_-]+={0,2})(?:\?.*)?$/i.exec(item) ?? [];
      const strength = strengths.indexOf(name?.toLowerCase());
      if (strength < 0 || strength < best) continue;
      if (strength > best) digests = [];
      best = strength;
      digests.push(plain(value));
    }
    return [best, digests];
  }
  // The body with all its bytes, if it is one of those that the metadata is for.
  web.withIntegrity = async (metadata, content, digest) => {
    const [strength, digests] = strongest(metadata);
    if (strength < 0) return content;
    const bytes = await content.read();
    const found = plain(base64(await digest(`SHA-${strengths[strength].slice(3)}`, bytes)));
    if (!digests.includes(found)) throw new TypeError('fetch: the body is not the one that integrity asks for');
    return new web.Content({ bytes });
  };
});
