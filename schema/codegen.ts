import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents for every client (web, CLI, scripts) from the committed SDL and `operations/`. */
const config: CodegenConfig = {
  schema: './schema.graphql',
  documents: ['./operations/**/*.graphql'],
  generates: {
    './src/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { DateTimeISO: 'string', JSON: 'unknown' },
        documentMode: 'documentNode',
        emitLegacyCommonJSImports: false,
        importExtension: '.ts',
      },
    },
  },
};
export default config;
