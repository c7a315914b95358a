import { describe, expect, it } from 'vitest';
import { frameLocation } from './location.ts';

describe('frameLocation', () => {
  it.each([
    [{ module: 'shop.views', filename: 'shop/views.py' }, 'shop.views'],
    [{ module: '__main__', filename: 'manage.py' }, 'manage.py'],
    [{ module: 'Shop.Cart+<ChargeAsync>d__12`1' }, 'Shop.Cart'],
    [{ module: 'Shop.Repository`1, Version=1.0.0.0, Culture=neutral' }, 'Shop.Repository'],
    [{ module: 'shop.Cart$$Lambda$14/0x00000001' }, 'shop.Cart$$'],
    [{ module: 'shop.Cart$$EnhancerBySpringCGLIB$$1a2b3c4d' }, 'shop.Cart$$'],
    [{ module: 'com.sun.proxy.$Proxy42' }, 'com.sun.proxy.$'],
    [{ filename: 'lib/cart.js' }, 'lib/cart.js'],
    [{ filename: './lib/cart.js' }, 'lib/cart.js'],
    [{ filename: 'webpack://shop/./src/cart.ts?1a2b' }, 'src/cart.ts'],
    [{ filename: 'app:///main.jsbundle' }, 'main.jsbundle'],
    [{ filename: 'https://shop.test/static/app.min.956fa06629bb74ed.js?v=3' }, 'static/app.min.*.js'],
    [{ filename: 'https://shop.test/assets/index-DiwrgTda.js' }, 'assets/index-*.js'],
    [{ filename: 'https://shop.test/js/jquery-3.6.0.min.js' }, 'js/jquery-*.min.js'],
    [{ filename: 'https://shop.test/static/472.a1b2c3d4.chunk.js' }, 'static/*.*.chunk.js'],
    [{ filename: 'https://shop.test/orders/48213' }, '<page>'],
    [{ filename: 'file:///private/tmp/test.html' }, 'test.html'],
    [{ filename: '/srv/releases/20261015/app/models/cart.rb' }, 'app/models/cart.rb'],
    [{ filename: '/usr/lib/python3.12/site-packages/flask/app.py' }, 'flask/app.py'],
    [{ absPath: '/go/pkg/mod/github.com/x/y@v1.2.3/z.go' }, 'github.com/x/y@*/z.go'],
    [{ absPath: 'C:\\work\\shop\\cart.cs' }, 'shop/cart.cs'],
    [{ filename: '[native code]' }, ''],
    [{}, ''],
  ])('%j', (frame, location) => {
    expect(frameLocation(frame)).toBe(location);
  });
});
