def samples(request, *, now): return {}
