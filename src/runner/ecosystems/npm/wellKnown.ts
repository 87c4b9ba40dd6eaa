/** Packages that so many know by name that another one spelt nearly alike misleads. */
export const wellKnown: ReadonlySet<string> = new Set(
  [
    'ajv angular ansi-styles archiver async autoprefixer ava axios babel-loader bcrypt bcryptjs bluebird body-parser',
    'bootstrap browserify bunyan camelcase chai chalk cheerio chokidar classnames clsx color colors commander compression',
    'concurrently connect cookie cookie-parser core-js cors cross-env cross-spawn crypto-js cypress date-fns dayjs debug',
    'deepmerge discord.js dotenv ejs electron ember esbuild eslint ethers event-stream execa express express-session faker',
    'fastify fs-extra got graphql gulp handlebars helmet history http-proxy husky immer immutable inquirer ioredis jasmine',
    'jest joi jquery js-yaml jsdom jsonwebtoken karma knex lerna less lint-staged lodash lodash-es log4js marked memoize',
    'micromatch minimatch minimist mkdirp mobx mocha moment mongodb mongoose morgan multer mysql mysql2 nanoid next node-fetch',
    'nodemailer nodemon nuxt opencv passport pino playwright postcss preact prettier prisma prompts protobufjs puppeteer qs',
    'ramda react react-dom react-native react-redux react-router react-router-dom redis redux request rimraf rollup rxjs sass',
    'semver sequelize serve sharp shelljs sinon socket.io socket.io-client source-map sqlite3 standard storybook stripe styled-components',
    'superagent supertest svelte swiper tailwindcss terser three ts-jest ts-loader ts-node tslib tslint tsx turbo typeorm typescript',
    'uglify-js underscore undici uuid valibot validator vite vitest vue vue-router vuex web3 webpack webpack-cli winston ws',
    'xml2js yargs yargs-parser yup zod zustand',
  ].flatMap((line) => line.split(' ')),
)
