// Begins `web`, the object that the other programs fill, and gives the host the functions that define what is granted.
(function (parts) {
  'use strict';
  const { idl, mime, streams, headers, blobs, urls, integrity, bodies, fetch, library } = parts;
  const web = { __proto__: null };
  idl(web);
  mime(web);
  streams(web, library);
  blobs(web);
  headers(web);
  urls(web);
  integrity(web);
  bodies(web);
  const { defineGlobal } = web;
  function defineShared() {
    web.defineStreams();
    for (const name of ['Blob', 'File', 'FormData', 'Headers']) defineGlobal(name, web[name]);
  }
  return {
    __proto__: null,
    grantStreams(compression) {
      defineShared();
      web.defineTextStreams();
      if (compression !== undefined) web.defineCompression(compression);
    },
    grantFetch(native, base) {
      defineShared();
      web.base = base;
      for (const name of ['Request', 'Response']) defineGlobal(name, web[name]);
      web.defineBlobAddresses();
      fetch(web, native);
    },
  };
});
