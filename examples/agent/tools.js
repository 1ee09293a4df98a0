// The tools of the demonstration: a shop's orders, and mail.
const orders = new Map([
  [1, { id: 1, customer: 'ann@example.com', total: 120, state: 'sent' }],
  [2, { id: 2, customer: 'bob@example.com', total: 80, state: 'late' }],
  [3, { id: 3, customer: 'cyd@example.com', total: 45, state: 'late' }],
]);
export const sent = [];

function check(condition, what) {
  if (!condition) throw new TypeError(what);
}

export const tools = {
  listOrders: {
    description: '(): the numbers of all orders',
    check: () => {},
    run: async () => [...orders.keys()],
  },
  readOrder: {
    description: '(id): { id, customer, total, state }',
    check: (id) => check(Number.isInteger(id), 'readOrder takes a number'),
    async run(id) {
      if (!orders.has(id)) throw new Error(`There is no order ${id}`);
      return orders.get(id);
    },
  },
  sendMail: {
    description: '(to, text): sends a mail to a customer; the user is asked first',
    needsApproval: true,
    check(to, text) {
      check(
        [...orders.values()].some(({ customer }) => customer === to),
        'sendMail writes to customers only',
      );
      check(typeof text === 'string' && text.length < 1000, 'the text is too long');
    },
    run: async (to, text) => void sent.push({ to, text }),
  },
};
