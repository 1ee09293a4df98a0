import x from good;
