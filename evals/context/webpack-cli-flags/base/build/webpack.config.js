const path = require('path');
const webpack = require('webpack');
const entries = require('./entries');
const apis = require('./apis');

module.exports = (env = {}) => ({
  context: path.join(__dirname, '..'),
  mode: env.production ? 'production' : 'development',
  devtool: env.production ? false : 'inline-source-map',
  entry: entries(env.only),
  output: {
    path: path.join(__dirname, '../dist'),
    filename: '[name].js',
    libraryTarget: 'commonjs2',
  },
  plugins: [
    new webpack.DefinePlugin({
      __API__: JSON.stringify(apis[env.api || 'live']),
    }),
  ],
});
