/** Bundlers' own schemes, with the name of the bundle where they have one. */
const SCHEME = /^(?:webpack-internal|webpack|turbopack|rollup|vite|parcel|ng|rspack|metro|app):\/\/+(?:_N_E\/|\[project\]\/)?/;
const PART_OF_BUNDLER =
  /(?:^|\/)(?:webpack\/(?:runtime|bootstrap|startup|universalModuleDefinition|before-startup)\b|\(webpack\)|@vite\/|vite\/(?:preload-helper|modulepreload-polyfill)|rollup\/|\[turbopack\]|turbopack\/)/;
const LIBRARY =
  /(?:^|\/)(?:node_modules|bower_components|jspm_packages|\.yarn|\.pnpm|~)\/|^(?:node|internal|external|ext|bun|next)[:/]/;

/**
 * A source's path as people know it: without the bundler's scheme and bundle name, leading `./` and `../`, and the hash some
 * bundlers put behind a question mark. `webpack://shop/./src/cart.ts?a1b2` → `src/cart.ts`.
 */
export function sourcePath(raw: string): string {
  let path = raw.length > 2_000 ? raw.slice(-2_000) : raw;
  path = path.replaceAll('\\', '/');
  const scheme = SCHEME.exec(path);
  if (scheme !== null) {
    path = path.slice(scheme[0].length);
    // webpack://shop/./src/cart.ts: the bundle's name stands before the path.
    const own = /^[\w@.-]+(?:\/[\w.-]+)?\/(?=\.{1,2}\/|\(|webpack\/)/.exec(path);
    if (own !== null && !path.startsWith('./') && !path.startsWith('../')) path = path.slice(own[0].length);
    else if (scheme[0] === 'webpack://' && /^[\w@.-]+\/(?:src|app|lib|pages|node_modules)\//.test(path))
      path = path.slice(path.indexOf('/') + 1);
  } else if (path.startsWith('file://')) path = path.slice('file://'.length);
  const query = path.search(/[?#]/);
  if (query > 0) path = path.slice(0, query);
  return path.replace(/^(?:\.{0,2}\/)*(?=\.{1,2}\/)/, '').replace(/^(?:\.{1,2}\/)+/, '') || raw;
}

/** Whether an original file is somebody else's code: a package, or glue of the bundler. */
export function isLibrarySource(raw: string): boolean {
  const path = raw.replaceAll('\\', '/').replaceAll('\0', ''); // rollup marks its own modules with it
  return LIBRARY.test(path) || PART_OF_BUNDLER.test(path) || LIBRARY.test(sourcePath(raw));
}
