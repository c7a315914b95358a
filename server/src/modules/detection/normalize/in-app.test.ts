import { describe, expect, it } from 'vitest';
import { type FramePlace, inApp } from './in-app.ts';

const NONE = { inAppInclude: [], inAppExclude: [] };

describe('without a word of the SDK', () => {
  it.each<[string, FramePlace, boolean | undefined]>([
    ['node', { absPath: '/srv/app/index.js' }, true],
    ['node', { absPath: '/srv/app/node_modules/express/lib/router.js' }, false],
    ['node', { absPath: 'node:internal/timers' }, false],
    ['javascript', { absPath: 'https://shop.example.com/app.js' }, true],
    ['javascript', { absPath: 'webpack:///./node_modules/react/index.js' }, false],
    ['javascript', { filename: '<anonymous>' }, false],
    ['javascript', { absPath: 'chrome-extension://abc/content.js' }, false],
    ['python', { absPath: '/srv/app/views.py', module: 'shop.views' }, true],
    ['python', { absPath: '/usr/lib/python3.12/json/decoder.py', module: 'json.decoder' }, false],
    ['python', { absPath: '/venv/lib/python3.12/site-packages/django/core.py' }, false],
    ['python', { filename: '<frozen importlib._bootstrap>' }, false],
    ['ruby', { absPath: '/usr/local/bundle/gems/rails-7.1/lib/rails.rb' }, false],
    ['ruby', { absPath: '/srv/app/models/order.rb' }, true],
    ['php', { absPath: '/var/www/vendor/laravel/framework/x.php' }, false],
    ['php', { absPath: '/var/www/app/Http/Kernel.php' }, true],
    ['java', { module: 'com.example.shop.Cart' }, true],
    ['java', { module: 'java.lang.Thread' }, false],
    ['java', { module: 'javassist.Mine' }, true],
    ['java', { module: 'org.springframework.web.Servlet' }, false],
    ['csharp', { module: 'System.Linq.Enumerable' }, false],
    ['csharp', { module: 'Shop.Cart' }, true],
    ['go', { module: 'main', absPath: '/src/main.go' }, true],
    ['go', { module: 'runtime', absPath: '/usr/local/go/src/runtime/panic.go' }, false],
    ['go', { module: 'github.com/gin-gonic/gin', absPath: '/home/ann/go/pkg/mod/github.com/gin-gonic/gin/context.go' }, false],
    ['rust', { absPath: '/rustc/abc/library/core/src/panicking.rs', module: 'core::panicking' }, false],
    ['rust', { absPath: 'src/main.rs', module: 'shop::cart' }, true],
    ['native', { package: '/usr/lib/system/libsystem_kernel.dylib' }, false],
    ['cocoa', { package: '/private/var/containers/Bundle/Application/X/Shop.app/Shop' }, true],
    ['cobol', { absPath: '/srv/shop.cob' }, undefined],
    ['node', {}, undefined],
  ])('%s %j: %s', (platform, place, own) => {
    expect(inApp(undefined, place, platform, NONE)).toBe(own);
  });
});

describe('who decides', () => {
  it('the SDK over what is known of the platform', () => {
    expect(inApp(true, { absPath: '/srv/node_modules/mine/x.js' }, 'node', NONE)).toBe(true);
    expect(inApp(false, { absPath: '/srv/app/x.js' }, 'node', NONE)).toBe(false);
  });

  it.each<[string, FramePlace, boolean]>([
    ['rust', { function: 'shop::orders::stock', package: 'shop', absPath: '/srv/shop/src/main.rs' }, true],
    [
      'rust',
      { function: 'sentry_panic::panic_handler', package: 'sentry_panic', absPath: '/srv/sentry-panic/src/lib.rs' },
      false,
    ],
    [
      'rust',
      {
        function: '<E as anyhow::StdError>::ext_context',
        package: 'anyhow',
        absPath: '/usr/local/cargo/registry/src/index/anyhow-1.0.104/src/backtrace.rs',
      },
      false,
    ],
    [
      'rust',
      { function: '__rustc::rust_begin_unwind', package: '__rustc', absPath: '/rustc/5980/library/std/src/panicking.rs' },
      false,
    ],
    ['rust', { function: 'at /rustc/5980/library/std/src/panic.rs:359:14' }, false],
    ['rust', { function: '__libc_start_main_impl', absPath: './csu/../csu/libc-start.c' }, false],
    ['rust', { function: 'main' }, false],
    ['go', { function: 'take', module: 'main', absPath: '/srv/shop/main.go' }, true],
    [
      'go',
      {
        function: 'Next',
        module: 'github.com/gin-gonic/gin',
        absPath: '/home/ann/go/pkg/mod/github.com/gin-gonic/gin@v1.10.0/context.go',
      },
      false,
    ],
    [
      'go',
      { function: 'Next', module: 'github.com/gin-gonic/gin', absPath: 'github.com/gin-gonic/gin@v1.10.0/context.go' },
      false,
    ],
    ['python', { module: 'shop.cart', absPath: '/venv/lib/python3.12/site-packages/shop/cart.py' }, true],
  ])('an SDK that takes nearly all for own is believed only where it can know: %s %j %s', (platform, place, own) => {
    expect(inApp(true, place, platform, NONE)).toBe(own);
    expect(inApp(false, place, platform, NONE)).toBe(false);
    if (place.module !== undefined) expect(inApp(true, place, platform, { ...NONE, inAppInclude: [place.module] })).toBe(true);
  });

  it('the project over the SDK; excluding over including', () => {
    const rules = { inAppInclude: ['com.example', '/srv/lib/'], inAppExclude: ['com.example.generated'] };
    expect(inApp(false, { module: 'com.example.Cart' }, 'java', rules)).toBe(true);
    expect(inApp(undefined, { module: 'com.examples.Cart' }, 'java', rules)).toBe(true);
    expect(inApp(false, { module: 'com.examples.Cart' }, 'java', rules)).toBe(false);
    expect(inApp(true, { module: 'com.example.generated.Stub' }, 'java', rules)).toBe(false);
    expect(inApp(false, { absPath: '/srv/lib/x.py' }, 'python', rules)).toBe(true);
  });
});
