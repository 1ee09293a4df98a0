// Addresses as servers and clients read them, and their parts.
const addresses = ['https://example.com/', 'https://user:secret@shop.example.org:8443/catalogue/items/42?sort=price&page=3#reviews', '/api/v1/users/17/posts?limit=10',
  '../images/logo%20small.png', 'http://localhost:3000/a/./b/../c?x=1', 'mailto:someone@example.com', 'file:///home/user/notes.txt', 'https://www.example.com/search?q=caf\u00e9+au+lait&lang=fr'];
function run() {
  let sum = 0;
  for (let i = 0; i < 20000; i++) {
    const url = new URL(addresses[i % addresses.length], 'https://base.example/dir/page');
    sum += url.href.length + url.host.length + url.pathname.length;
  }
  return sum;
}
