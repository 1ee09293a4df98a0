outer: for (let i = 0; i < 3; i++) {
  switch (i) {
    case 0: continue outer;
    case 1: break;
    default: break outer;
  }
  try {
    if (i) throw new Error('x');
  } catch ({ message }) {
    message;
  } finally {
    i++;
  }
}
