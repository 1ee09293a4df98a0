// Rules of users: expressions over `order`.
import { createSandbox } from 'caisson';

/**
 * @typedef {{ prices: number[], problem?: string }} Result
 * @returns {Promise<{ apply: (rule: string, orders: object[]) => Result, close: () => void }>}
 */
export async function openRules() {
  const sandbox = await createSandbox({ timeLimit: 30, memoryLimit: 8 * 1024 * 1024, console: false });
  return {
    apply(rule, orders) {
      try {
        const run = sandbox.evalSync(`'use strict'; (orders) => orders.map((order) => Number(${rule}\n))`, {
          name: 'rule',
        });
        const prices = run(orders);
        return { prices: Array.from(prices, Number) };
      } catch (error) {
        return { prices: [], problem: String(error) };
      }
    },
    close: () => sandbox.dispose(),
  };
}
