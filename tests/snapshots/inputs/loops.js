var sum = 0;
for (var i = 0; i < 10; i++) sum += i & 1 ? i : -i;
while (sum > 0) sum--;
do sum++; while (sum < 5);
const closures = [];
for (let j = 0; j < 3; j++) closures.push(() => j);
