/**
 * What programs write: each call answers one piece of log and the mark in it, by which its event is found again. Several
 * languages in turn, with quiet lines between. The traces are made up.
 */
export function pieceOf(n: number, run: string): { text: string; mark: string } {
  const mark = `mark-${run}-${n}-end`;
  const at = new Date(Date.UTC(2026, 10, 20) + n * 137).toISOString();
  const head = `${at} INFO  http request ${n} took 12 ms\n`;
  return { mark, text: head + (TRACES[n % TRACES.length] as (at: string, mark: string) => string)(at, mark) };
}

const TRACES = [
  (at: string, mark: string) => `${at} ERROR app Unhandled exception
Traceback (most recent call last):
  File "/srv/app/worker.py", line 41, in run
    self.handle(job)
  File "/srv/app/jobs/mail.py", line 17, in handle
    raise ValueError("${mark}")
ValueError: ${mark}
`,
  (at: string, mark: string) => `${at} ERROR [main] com.example.Orders - could not book
java.lang.IllegalStateException: ${mark}
	at com.example.orders.Booking.book(Booking.java:88)
	at com.example.orders.Orders.handle(Orders.java:31)
	at java.base/java.lang.Thread.run(Thread.java:1583)
`,
  (at: string, mark: string) => `${at} ERROR node request failed
TypeError: ${mark}
    at readCart (/srv/shop/cart.js:12:19)
    at async handler (/srv/shop/server.js:40:5)
`,
  (at: string, mark: string) => `${at} ERROR payment was refused: ${mark}
`,
  (at: string, mark: string) => `${at} INFO go service
panic: ${mark}

goroutine 1 [running]:
main.settle(0xc000012345)
	/srv/ledger/settle.go:27 +0x1d
main.main()
	/srv/ledger/main.go:11 +0x25
exit status 2
`,
];
