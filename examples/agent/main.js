// With a scripted model. A real one is a function that posts `messages` to a service and returns the text it answers.
import { runAgent } from './agent.js';
import { tools } from './tools.js';

const script = [
  '```js\nconst late = listOrders().map(readOrder).filter((order) => order.status === "late");\nconsole.log(late[0].total);\n```',
  '```js\nconsole.log(readOrder(1));\n```',
  '```js\nconst late = listOrders().map((id) => readOrder(id)).filter(({ state }) => state === "late");\n' +
    'for (const { customer } of late) sendMail(customer, "Your order is late. We are sorry.");\n' +
    'answer({ mails: late.length });\n```',
];
let step = 0;

const { answer, messages } = await runAgent({
  task: 'Write to everybody whose order is late.',
  tools,
  model: async () => script[step++],
  approve: async (question) => {
    console.log(`[the user is asked] ${question}`);
    return true;
  },
});
for (const { role, content } of messages.slice(2)) console.log(`${role}:\n${content.replace(/^/gm, '    ')}`);
console.log('answer:', answer);
