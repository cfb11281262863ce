import { defineConfig } from 'vite';

// One script and one style of fixed names: the server knows them, and exported pages hold them.
export default defineConfig({
  base: '/',
  build: {
    outDir: process.env.LYNCEUS_PAGE ?? 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      output: {
        entryFileNames: 'studio.js',
        assetFileNames: 'studio[extname]',
        codeSplitting: false,
      },
    },
  },
});
