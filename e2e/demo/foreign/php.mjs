// A content site in PHP (Laravel), the SDK's way of naming things included.
import { below, hex, pick, weighted } from '../people.mjs';
import { event, frame, lib, request, source, thrown } from './events.mjs';

const app = (fn, at, more) => frame(fn, at, { abs_path: `/var/www/site${at.split(':')[0]}`, ...more });
const kernel = () => [
  app('', '/public/index.php:52', { function: undefined }),
  lib('Illuminate\\Foundation\\Http\\Kernel::handle', '/vendor/laravel/framework/src/Illuminate/Foundation/Http/Kernel.php:144'),
  lib('Illuminate\\Routing\\Router::dispatch', '/vendor/laravel/framework/src/Illuminate/Routing/Router.php:750'),
  lib('Illuminate\\Routing\\Controller::callAction', '/vendor/laravel/framework/src/Illuminate/Routing/Controller.php:54'),
];
const unhandled = { mechanism: { type: 'generic', handled: false } };

const nullCall = () => [
  thrown(
    'Error',
    'Call to a member function format() on null',
    [
      ...kernel(),
      app('App\\Http\\Controllers\\ArticleController::show', '/app/Http/Controllers/ArticleController.php:41', {
        ...source(`
      public function show(Article $article): View
      {
>         $published = $article->published_at->format('j. F Y');
  
          return view('article', compact('article', 'published'));
      }`),
        vars: { article: `App\\Models\\Article#${below(4000)}` },
      }),
    ],
    unhandled,
  ),
];

const query = () => {
  const slug = `summer-${below(300)}`;
  const pdo = thrown(
    'PDOException',
    `SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry '${slug}' for key 'articles.slug'`,
    [lib('PDOStatement::execute', '/vendor/laravel/framework/src/Illuminate/Database/MySqlConnection.php:53')],
  );
  const wrapped = thrown(
    'Illuminate\\Database\\UniqueConstraintViolationException',
    `${pdo.value} (Connection: mysql, SQL: insert into \`articles\` (\`title\`, \`slug\`) values (Summer, ${slug}))`,
    [
      ...kernel(),
      app('App\\Http\\Controllers\\ArticleController::store', '/app/Http/Controllers/ArticleController.php:67'),
      lib(
        'Illuminate\\Database\\Connection::runQueryCallback',
        '/vendor/laravel/framework/src/Illuminate/Database/Connection.php:824',
      ),
    ],
    unhandled,
  );
  return [pdo, wrapped];
};

const memory = () => [
  thrown(
    'Symfony\\Component\\ErrorHandler\\Error\\FatalError',
    `Allowed memory size of 134217728 bytes exhausted (tried to allocate ${4096 * (1 + below(900))} bytes)`,
    [app('App\\Services\\Thumbnails::scale', '/app/Services/Thumbnails.php:88')],
    unhandled,
  ),
];

const typeError = () => [
  thrown(
    'TypeError',
    'App\\Services\\Price::net(): Argument #1 ($gross) must be of type float, string given, called in /var/www/site/app/View/Components/Teaser.php on line 29',
    [
      ...kernel(),
      app('App\\View\\Components\\Teaser::render', '/app/View/Components/Teaser.php:29'),
      app('App\\Services\\Price::net', '/app/Services/Price.php:14'),
    ],
    unhandled,
  ),
];

/** One event of the PHP site. */
export function phpEvent() {
  const exceptions = weighted([
    [6, nullCall],
    [4, query],
    [1, memory],
    [3, typeError],
  ])();
  return event('php', {
    exceptions,
    release: pick(['5d1f0c3', '5d1f0c3', 'a90b77e']),
    sdk: { name: 'sentry.php.laravel', version: '4.18.0' },
    server_name: `web${1 + below(2)}`,
    transaction: pick(['/articles/{article}', '/admin/articles', '/']),
    request: request('GET', `https://magazine.example/articles/summer-${below(300)}`, {
      data: { title: 'Summer', password: 'not-to-be-seen-in-errata' },
    }),
    tags: { locale: pick(['de', 'fr', 'en']) },
    contexts: {
      runtime: { name: 'php', version: '8.4.12', sapi: 'fpm-fcgi' },
      os: { name: 'Linux', version: '6.1.0' },
      trace: { trace_id: hex(32), span_id: hex(16) },
    },
    breadcrumbs: {
      values: [
        {
          category: 'sql.query',
          message: 'select * from `articles` where `slug` = ? limit 1',
          level: 'info',
          data: { executionTimeMs: below(90) },
        },
      ],
    },
  });
}
