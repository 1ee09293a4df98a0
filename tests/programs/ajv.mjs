import Ajv from 'ajv';

const ajv = new Ajv({ allErrors: true, strict: false });
const validate = ajv.compile({
  type: 'object',
  properties: {
    a: { type: 'integer', minimum: 3 },
    b: { type: 'string', pattern: '^x+$', maxLength: 4 },
    c: { type: 'array', items: { $ref: '#/$defs/n' }, uniqueItems: true },
  },
  required: ['a', 'z'],
  additionalProperties: false,
  $defs: { n: { oneOf: [{ type: 'number' }, { const: 'q' }] } },
});
console.log(validate({ a: 3, z: 1 }), JSON.stringify(validate.errors));
console.log(
  validate({ a: 1.5, b: 'xxy', c: [1, 1, 'r'], k: 2 }),
  JSON.stringify(validate.errors),
  ajv.errorsText(validate.errors),
);
console.log(
  ajv.validate(
    { if: { properties: { k: { const: 1 } } }, then: { required: ['x'] }, else: { required: ['y'] } },
    { k: 1 },
  ),
  ajv.errorsText(),
);
