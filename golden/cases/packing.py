"""nn.utils.rnn: padding, packing and unpacking of sequences of different lengths."""

from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pack_sequence, pad_packed_sequence, pad_sequence, unpack_sequence, unpad_sequence

# --- pad_sequence
a, b, c = torch.arange(3.0), torch.arange(5.0) + 10, torch.arange(1.0) + 20
show(pad_sequence([a, b, c]), pad_sequence([a, b, c], batch_first=True), pad_sequence([a, b, c], True, -1.0))
show(pad_sequence([a, b, c], batch_first=True, padding_value=9, padding_side="left"))
show(pad_sequence([torch.ones(2, 3), torch.zeros(1, 3)]).shape)

# --- pad_sequence_of_integers
show(pad_sequence([torch.tensor([4, 5, 6]), torch.tensor([7])], batch_first=True, padding_value=0))

# --- pad_sequence_gradients
a, b = data(3, 2, grad=True), data(1, 2, grad=True, shift=9)
grads(pad_sequence([a, b], batch_first=True), a, b)

# --- pad_sequence_errors
fails(lambda: pad_sequence([]))
fails(lambda: pad_sequence(5))
fails(lambda: pad_sequence([torch.ones(2), torch.ones(1)], padding_side="middle"))

# --- pack_padded_sequence
x = torch.arange(12.0).reshape(4, 3)
packed = pack_padded_sequence(x, [4, 2, 1])
show(packed.data, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices, isinstance(packed, tuple))

# --- pack_batch_first
x = data(3, 4, 2)
packed = pack_padded_sequence(x, torch.tensor([4, 3, 1]), batch_first=True)
show(packed.data, packed.batch_sizes)

# --- pack_unsorted
x = data(4, 5, 2)
packed = pack_padded_sequence(x, torch.tensor([2, 5, 1, 3]), batch_first=True, enforce_sorted=False)
show(packed.data, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices)

# --- pack_truncates
packed = pack_padded_sequence(torch.arange(12).reshape(6, 2), [3, 2])
show(packed.data, packed.batch_sizes)

# --- pack_takes_lengths_of_other_types
x = torch.arange(6.0).reshape(3, 2)
show(pack_padded_sequence(x, torch.tensor([3, 1], dtype=torch.int32)).data, pack_padded_sequence(x, (3, 2)).data)

# --- pack_errors
x = torch.zeros(4, 3)
fails(lambda: pack_padded_sequence(x, [1, 2, 3]))
fails(lambda: pack_padded_sequence(x, [3, 2, 0]))
fails(lambda: pack_padded_sequence(x, [3, 2]))
fails(lambda: pack_padded_sequence(torch.zeros(4, 0), []))
fails(lambda: pack_padded_sequence(x, torch.tensor([[3, 2, 1]])))

# --- pack_gradients
x = data(4, 3, 2, grad=True)
grads(pack_padded_sequence(x, [1, 4, 2], enforce_sorted=False).data, x)

# --- pad_packed_sequence
x = data(3, 4, 2)
lengths = torch.tensor([2, 4, 1])
packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
padded, counts = pad_packed_sequence(packed, batch_first=True)
show(padded, counts, counts.dtype)
padded, counts = pad_packed_sequence(packed, padding_value=-7.5)
show(padded, counts)

# --- total_length
packed = pack_padded_sequence(torch.arange(6).reshape(3, 2), [3, 1])
show(pad_packed_sequence(packed, total_length=5), pad_packed_sequence(packed, batch_first=True, total_length=4))
fails(lambda: pad_packed_sequence(packed, total_length=2))

# --- pad_packed_gradients
values = data(6, 2, grad=True)
packed = PackedSequence(values, torch.tensor([3, 2, 1]))
grads(pad_packed_sequence(packed, batch_first=True)[0], values)

# --- round_trip_of_integers
x = torch.tensor([[5, 6, 7], [8, 0, 0], [9, 4, 0]])
packed = pack_padded_sequence(x, [3, 1, 2], batch_first=True, enforce_sorted=False)
show(packed.data.dtype, *pad_packed_sequence(packed, batch_first=True))

# --- pack_sequence
a, b, c = torch.tensor([1, 2, 3]), torch.tensor([4, 5]), torch.tensor([6])
packed = pack_sequence([a, b, c])
show(packed.data, packed.batch_sizes)
mixed = pack_sequence([c, a, b], enforce_sorted=False)
show(mixed.data, mixed.sorted_indices, mixed.unsorted_indices)
show(unpack_sequence(mixed), unpack_sequence(packed))
fails(lambda: pack_sequence([c, a, b]))

# --- unpad_sequence
a, b = torch.arange(4.0).reshape(2, 2), torch.arange(6.0).reshape(3, 2)
padded = pad_sequence([a, b], batch_first=True)
show(unpad_sequence(padded, torch.tensor([2, 3]), batch_first=True))
show(unpad_sequence(pad_sequence([a, b]), torch.tensor([2, 3])))

# --- packed_prints
packed = pack_padded_sequence(torch.arange(4).reshape(2, 2), [1, 2], enforce_sorted=False)
print(packed)
print(pack_sequence([torch.tensor([1.0])]))

# --- packed_conversions
packed = pack_sequence([torch.tensor([1, 2]), torch.tensor([3])])
show(packed.float().data, packed.double().data, packed.int().data, packed.to(torch.float64).data, packed.is_cuda)
show(packed.to("cpu") is packed, packed.long().data is packed.data, packed.to(torch.float32).batch_sizes)

# --- packed_by_hand
packed = PackedSequence(torch.arange(3), torch.tensor([2, 1]), torch.tensor([1, 0]))
show(packed.unsorted_indices, packed[0], len(packed))
data_, sizes, order, back = packed
show(data_, sizes, order, back)
show(PackedSequence((torch.arange(3), torch.tensor([2, 1]))).batch_sizes)
fails(lambda: PackedSequence(torch.arange(3)))

# --- loss_over_packed
logits = data(3, 4, 5, grad=True)
target = torch.tensor([[1, 2, 3, 4], [0, 1, 0, 0], [2, 0, 0, 0]])
lengths = [4, 2, 1]
loss = F.cross_entropy(pack_padded_sequence(logits, lengths, True).data, pack_padded_sequence(target, lengths, True).data)
loss.backward()
show(loss, logits.grad)

# --- mask_from_lengths
lengths = torch.tensor([3, 1, 2])
mask = torch.arange(lengths.max())[None, :] < lengths[:, None]
show(mask, (data(3, 3) * mask).sum(1) / lengths)
