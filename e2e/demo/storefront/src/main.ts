import { applyCoupon, Cart } from './cart.ts';
import { readCatalog, showPrice } from './catalog.ts';

const catalog = readCatalog([
  { id: 1, name: 'Teapot', cents: 2_900 },
  { id: 2, name: 'Kettle', cents: 4_450, currency: 'USD' },
  { id: 3, name: 'Cosy' },
  { id: 4, name: 'Samovar', cents: 19_900, currency: 'GBP' },
]);

/** What visitors do on the page. */
const acts = {
  showProduct: (id: number) => catalog.filter((product) => product.id === id).map(showPrice),
  checkout(ids: number[]) {
    const cart = new Cart();
    for (const id of ids) cart.add(catalog.find((product) => product.id === id)!);
    return cart.total();
  },
  redeem: (coupon: string) => applyCoupon(acts.checkout([1, 2]), coupon),
};

(globalThis as unknown as { storefront: typeof acts }).storefront = acts;
