function run() {
  let sum = 0;
  for (let i = 0; i < 5000; i++) {
    const params = new URLSearchParams('sort=price&page=3&filter=a%20b+c&tags=x,y,z&name=J%C3%BCrgen');
    params.append('offset', String(i));
    params.set('page', '4');
    sum += params.toString().length + params.get('name').length;
  }
  return sum;
}
