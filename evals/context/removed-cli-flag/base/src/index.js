console.log('tide')
