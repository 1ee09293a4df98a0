// Validates valid and invalid data against nested schemas.
import { z } from 'zod';

z.config({ jitless: true });
const user = z.object({
  id: z.number().int().positive(),
  name: z.string().min(2).max(40),
  email: z.string().regex(/^[^@\s]+@[^@\s]+\.\w+$/),
  role: z.enum(['admin', 'editor', 'reader']),
  tags: z.array(z.string()).max(5),
  address: z.object({ city: z.string(), zip: z.string().length(5).optional() }).nullable(),
  contact: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('phone'), number: z.string() }),
    z.object({ kind: z.literal('mail'), box: z.number() }),
  ]),
});
const schema = z.array(user);
const people = Array.from({ length: 120 }, (_, id) => ({
  id: id + 1,
  name: `Person ${id}`,
  email: id % 10 === 9 ? 'broken' : `person${id}@example.org`,
  role: ['admin', 'editor', 'reader'][id % 3],
  tags: ['a', 'b'],
  address: id % 4 === 0 ? null : { city: 'Ghent', zip: '90000' },
  contact: id % 2 === 0 ? { kind: 'phone', number: '1' } : { kind: 'mail', box: id },
}));

export function run() {
  let check = 0;
  for (let i = 0; i < 3; i++) {
    const result = schema.safeParse(people);
    check += result.success ? 1 : result.error.issues.length;
  }
  return check;
}
