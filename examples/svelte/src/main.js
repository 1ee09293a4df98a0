import { mount } from 'svelte';
import Prices from './Prices.svelte';

const orders = [
  { item: 'rope', count: 3, price: 12.5 },
  { item: 'lamp', count: 40, price: 8 },
];

mount(Prices, { target: document.getElementById('root'), props: { orders } });
