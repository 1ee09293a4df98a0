import { useState } from 'react';
import { useSandbox } from './useSandbox.js';

/** @param {{ initial?: string, globals?: Record<string, unknown> }} props `globals`: what programs are given */
export function Playground({ initial = '', globals }) {
  const [source, setSource] = useState(initial);
  const { lines, isRunning, run, stop } = useSandbox({ globals });
  return (
    <section>
      <textarea aria-label="Program" rows={8} cols={80} value={source} onChange={(e) => setSource(e.target.value)} />
      <p>
        <button type="button" onClick={() => run(source)} disabled={isRunning}>
          Run
        </button>
        <button type="button" onClick={stop} disabled={!isRunning}>
          Stop
        </button>
      </p>
      {/* What a program prints is text: React escapes it. */}
      <pre role="log" aria-label="Output">
        {lines.join('\n')}
      </pre>
    </section>
  );
}
