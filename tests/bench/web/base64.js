const binary = Array.from({ length: 300000 }, (_, index) => String.fromCharCode((index * 31) & 255)).join('');
function run() {
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += atob(btoa(binary)).length;
  for (let i = 0; i < 20000; i++) sum += atob(btoa('user:password')).length;
  return sum;
}
