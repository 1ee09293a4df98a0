import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Playground } from './Playground.jsx';

const example = `const squares = [1, 2, 3].map((n) => n * n);
console.log(squares);
squares.reduce((a, b) => a + b);
`;

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <Playground initial={example} />
  </StrictMode>,
);
