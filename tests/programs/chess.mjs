import { Chess } from 'chess.js';

const game = new Chess();
for (const move of ['e4', 'e5', 'Nf3', 'Nc6', 'Bb5', 'a6', 'Bxc6', 'dxc6', 'O-O']) game.move(move);
console.log(game.fen(), game.moves().join(), game.ascii(), game.pgn());
try {
  game.move('Qh9');
} catch (error) {
  console.log(error.message);
}
function positions(board, depth) {
  if (depth === 0) return 1;
  let count = 0;
  for (const move of board.moves()) {
    board.move(move);
    count += positions(board, depth - 1);
    board.undo();
  }
  return count;
}
console.log(positions(new Chess(), 2));
