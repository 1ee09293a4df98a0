console.log('one'); // two
