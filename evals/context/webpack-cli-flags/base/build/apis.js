module.exports = {
  live: 'https://api.example.com',
  staging: 'https://staging.example.com',
};
