import concurrent.futures, queue, threading, time

results = []
lock = threading.Lock()


def work(n):
    with lock:
        results.append(n * n)


threads = [threading.Thread(target=work, args=(n,), name=f"w{n}") for n in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results), [thread.is_alive() for thread in threads], threading.active_count())

with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
    print(list(pool.map(lambda x: x + 1, range(3))))
    futures = {pool.submit(pow, 2, n): n for n in range(3)}
    print(sorted(future.result() for future in concurrent.futures.as_completed(futures)))
    failed = pool.submit(lambda: 1 / 0)
    print(repr(failed.exception()), failed.done())

items = queue.Queue(maxsize=5)
for n in range(3):
    items.put(n)
print(items.qsize(), items.get(), items.get_nowait(), items.empty())
try:
    queue.Queue().get(timeout=0.01)
except queue.Empty:
    print("empty")
event = threading.Event()
print(event.wait(0.01), event.set(), event.wait(), event.is_set())
local = threading.local()
local.value = 3
print(local.value, hasattr(local, "other"))
condition = threading.Condition()
with condition:
    condition.notify_all()
reentrant = threading.RLock()
with reentrant, reentrant:
    print("twice")
timer = time.perf_counter()
time.sleep(0.01)
print(time.perf_counter() - timer >= 0.01)
