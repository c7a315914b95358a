import type { Product } from './catalog.ts';

export interface Line {
  product: Product;
  quantity: number;
}

/** The basket of one visitor. */
export class Cart {
  readonly lines: Line[] = [];

  add(product: Product, quantity = 1): void {
    this.lines.push({ product, quantity });
  }

  total(): number {
    return this.lines.reduce((sum, line) => sum + line.product.price.amount * line.quantity, 0);
  }
}

/** Takes a coupon off a total; coupons come from the address bar. */
export function applyCoupon(total: number, coupon: string): number {
  const { percent } = JSON.parse(atob(coupon)) as { percent: number };
  if (percent > 50) throw new RangeError(`A coupon of ${percent} % is more than is allowed`);
  return total * (1 - percent / 100);
}
