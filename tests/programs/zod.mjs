import { z } from 'zod';

const user = z
  .object({
    name: z.string().trim().min(2),
    age: z.coerce.number().int().gte(0),
    email: z.email(),
    role: z.enum(['admin', 'reader']).default('reader'),
    site: z.url().optional(),
    born: z.iso.date().nullable(),
    tags: z
      .array(z.string())
      .nonempty()
      .transform((tags) => tags.map((tag) => tag.toUpperCase())),
  })
  .strict();
console.log(
  JSON.stringify(user.parse({ name: ' Ada ', age: '36', email: 'ada@example.org', born: '1815-12-10', tags: ['x'] })),
);
const failed = user.safeParse({
  name: 'A',
  age: -1.5,
  email: 'no',
  role: 'boss',
  born: '1815-13-10',
  tags: [],
  extra: 1,
  site: 'nope',
});
console.log(failed.success, failed.error.name);
for (const issue of failed.error.issues) console.log(issue.path.join('.'), issue.code, issue.message);
const shape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('circle'), r: z.number() }),
  z.object({ kind: z.literal('square'), side: z.number() }),
]);
console.log(JSON.stringify([shape.parse({ kind: 'circle', r: 2 }), shape.safeParse({ kind: 'oval' }).success]));
const tree = z.object({
  value: z.number(),
  get children() {
    return z.array(tree);
  },
});
console.log(JSON.stringify(tree.parse({ value: 1, children: [{ value: 2, children: [] }] })));
console.log(
  JSON.stringify(z.record(z.string(), z.bigint().transform(String)).parse({ a: 10n })),
  z.map(z.string(), z.number()).parse(new Map([['a', 1]])).size,
);
console.log(
  z.string().regex(/^\d+$/).or(z.number()).safeParse('12a').success,
  z.tuple([z.string(), z.number()]).parse(['a', 1]).join(),
);
const refined = z
  .object({ a: z.string(), b: z.string() })
  .refine((value) => value.a === value.b, { message: 'differ', path: ['b'] });
console.log(JSON.stringify(z.flattenError(refined.safeParse({ a: '1', b: '2' }).error)));
console.log(JSON.stringify(z.toJSONSchema(z.object({ id: z.uuid(), n: z.int().max(9).optional() }))));
z.string()
  .refine(async (text) => text.length > 2)
  .parseAsync('abc')
  .then((text) => console.log('async', text));
