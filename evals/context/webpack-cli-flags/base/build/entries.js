const widgets = {
  basket: './src/widgets/basket.js',
  search: './src/widgets/search.js',
};

module.exports = function entries(only) {
  if (!only) return widgets;
  const names = String(only).split(',');
  return Object.fromEntries(Object.entries(widgets).filter(([name]) => names.includes(name)));
};
