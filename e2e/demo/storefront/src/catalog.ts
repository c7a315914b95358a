export interface Product {
  id: number;
  name: string;
  price: { amount: number; currency: string };
}

const CURRENCIES: Record<string, Intl.NumberFormat> = {
  EUR: new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }),
  USD: new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }),
};

export function showPrice({ price }: Product): string {
  return CURRENCIES[price.currency]!.format(price.amount);
}

/** Products as the server lists them; some of the old ones have no price. */
export function readCatalog(rows: { id: number; name: string; cents?: number; currency?: string }[]): Product[] {
  return rows.map(({ id, name, cents, currency = 'EUR' }) => ({
    id,
    name,
    ...(cents === undefined ? {} : { price: { amount: cents / 100, currency } }),
  })) as Product[];
}
