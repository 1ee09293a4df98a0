import { createApp } from './app.js';
import { Tenants } from './tenants.js';

const port = Number(process.env.PORT ?? 3000);
createApp(new Tenants()).listen(port, () => console.log(`http://localhost:${port}/`));
