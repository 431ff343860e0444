"""Ways to sign in, one file each; all end in a sign-in that the store keeps, and one cookie."""
