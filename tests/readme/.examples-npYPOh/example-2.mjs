throw new Error('lost');
