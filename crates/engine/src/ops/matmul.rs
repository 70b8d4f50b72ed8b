//! Matrix products: of vectors, matrices and batches of them, plain and with a sum fused in.
//!
//! [`product`] holds the products proper, [`fused`] those with a term added and the linear layers, [`compound`] what
//! is made of them by reshaping, [`distance`] the distances between the rows of two matrices.

pub mod compound;
pub mod distance;
pub mod fused;
pub mod product;

pub use compound::{inner, kron, multi_dot, outer, tensordot};
pub use distance::{cdist, p_norm};
pub use fused::{addbmm, addmm, addmv, addr, baddbmm, bilinear, linear};
pub use product::{bmm, dot, matmul, mm, mv};

use super::{INPLACE, METHOD, NN, OpDef, TORCH, op, value};

/// The rows of this family.
pub static OPS: &[OpDef] = &[
    op(
        "matmul(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns the matrix product: of two vectors their dot product, of a matrix and a vector a vector, of two \
         matrices a matrix; leading dimensions are batches and broadcast. Python writes it `input @ other`.",
        |a| value(matmul(a.tensor(0), a.tensor(1))),
        &[
            "[3], [3]",
            "[2,3], [3]",
            "[3], [3,2]",
            "[2,3], [3,4]",
            "[2,3,4], [4,2]",
            "[2,3,4], [4]",
            "[3], [2,3,2]",
            "[2,3,4], [2,4,2]",
            "[2,1,2,3], [2,3,2]",
            "[2,3], [2,3,2]",
            "[0,3], [3,2]",
            "[2,0], [0,3]",
            "[0,2,3], [3,1]",
            "[1,1], [1,1]",
            "i5[2,3], i5[3,2]",
        ],
    ),
    op(
        "mm(Tensor input, Tensor mat2)",
        TORCH | METHOD,
        "Returns the product of two matrices: out[i, j] is the sum over k of input[i, k] * mat2[k, j].",
        |a| value(mm(a.tensor(0), a.tensor(1))),
        &["[2,3], [3,4]", "[1,1], [1,1]", "[2,0], [0,3]", "[0,2], [2,3]", "i5[2,2], i5[2,2]"],
    ),
    op(
        "bmm(Tensor input, Tensor mat2)",
        TORCH | METHOD,
        "Returns the matrix products of two batches of matrices, pair by pair.",
        |a| value(bmm(a.tensor(0), a.tensor(1))),
        &["[2,3,4], [2,4,2]", "[0,3,4], [0,4,2]", "[2,3,0], [2,0,2]", "i5[2,1,2], i5[2,2,1]"],
    ),
    op(
        "mv(Tensor input, Tensor vec)",
        TORCH | METHOD,
        "Returns the product of a matrix and a vector.",
        |a| value(mv(a.tensor(0), a.tensor(1))),
        &["[2,3], [3]", "[0,3], [3]", "[2,0], [0]"],
    ),
    op(
        "dot(Tensor input, Tensor tensor)",
        TORCH | METHOD,
        "Returns the dot product of two vectors: the sum of the products of their elements.",
        |a| value(dot(a.tensor(0), a.tensor(1))),
        &["[3], [3]", "[0], [0]", "i5[3], i5[3]"],
    ),
    op(
        "vdot(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns the dot product of two vectors.",
        |a| value(product::vdot(a.tensor(0), a.tensor(1))),
        &["[3], [3]"],
    ),
    op(
        "inner(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns the sums of products over the last dimension of both; with a 0-d tensor, the product.",
        |a| value(inner(a.tensor(0), a.tensor(1))),
        &["[3], [3]", "[2,3], [4,3]", "[2,2,3], [3]", "[], [3]"],
    ),
    op(
        "outer(Tensor input, Tensor vec2)",
        TORCH | METHOD,
        "Returns the matrix of all products of an element of one vector and an element of the other.",
        |a| value(outer(a.tensor(0), a.tensor(1))),
        &["[3], [2]", "[0], [2]"],
    ),
    op(
        "ger(Tensor input, Tensor vec2)",
        TORCH | METHOD,
        "Returns the outer product of two vectors: another name of outer().",
        |a| value(outer(a.tensor(0), a.tensor(1))),
        &["[3], [2]"],
    ),
    op(
        "addmm(Tensor input, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1)",
        TORCH | METHOD | INPLACE,
        "Returns beta * input + alpha * (mat1 @ mat2); input broadcasts to the product's shape.",
        |a| value(addmm(a.tensor(0), a.tensor(1), a.tensor(2), a.scalar(3), a.scalar(4))),
        &[
            "[2,4], [2,3], [3,4]",
            "[4], [2,3], [3,4]",
            "[2,1], [2,3], [3,4], beta=0.5, alpha=2.0",
            "[4], [2,0], [0,4]",
            "[4], [0,3], [3,4]",
            "[4], [2,3], [3,4], beta=0",
            "i5[2], i5[2,2], i5[2,2]",
        ],
    ),
    op(
        "addmv(Tensor input, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1)",
        TORCH | METHOD | INPLACE,
        "Returns beta * input + alpha * (mat @ vec).",
        |a| value(addmv(a.tensor(0), a.tensor(1), a.tensor(2), a.scalar(3), a.scalar(4))),
        &["[2], [2,3], [3]", "[], [2,3], [3], beta=0.5, alpha=2.0"],
    ),
    op(
        "addr(Tensor input, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1)",
        TORCH | METHOD | INPLACE,
        "Returns beta * input + alpha * (the outer product of vec1 and vec2).",
        |a| value(addr(a.tensor(0), a.tensor(1), a.tensor(2), a.scalar(3), a.scalar(4))),
        &["[2,3], [2], [3]", "[3], [2], [3], beta=0.5, alpha=2.0"],
    ),
    op(
        "baddbmm(Tensor input, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1)",
        TORCH | METHOD | INPLACE,
        "Returns beta * input + alpha * (batch1 @ batch2), matrix by matrix.",
        |a| value(baddbmm(a.tensor(0), a.tensor(1), a.tensor(2), a.scalar(3), a.scalar(4))),
        &["[2,3,2], [2,3,4], [2,4,2]", "[2], [2,3,4], [2,4,2], beta=0.5, alpha=2.0"],
    ),
    op(
        "addbmm(Tensor input, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1)",
        TORCH | METHOD | INPLACE,
        "Returns beta * input + alpha * (the sum over the batch of batch1 @ batch2).",
        |a| value(addbmm(a.tensor(0), a.tensor(1), a.tensor(2), a.scalar(3), a.scalar(4))),
        &["[3,2], [2,3,4], [2,4,2]", "[2], [2,3,4], [2,4,2], beta=0.5, alpha=2.0"],
    ),
    op(
        "linear(Tensor input, Tensor weight, Tensor? bias=None)",
        NN,
        "Returns input @ weight.T + bias: a fully connected layer of weight (out_features, in_features).",
        |a| value(linear(a.tensor(0), a.tensor(1), a.tensor_opt(2))),
        &[
            "[2,3], [4,3], [4]",
            "[2,3], [4,3]",
            "[3], [4,3], [4]",
            "[3], [4,3]",
            "[2,2,3], [4,3], [4]",
            "[2,2,3], [4,3]",
            "[0,3], [4,3], [4]",
            "[3], [3]",
            "[2,3], [3]",
        ],
    ),
    op(
        "bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None)",
        NN,
        "Returns out[o] = the sum over i, j of input1[i] * weight[o, i, j] * input2[j], plus bias[o].",
        |a| value(bilinear(a.tensor(0), a.tensor(1), a.tensor(2), a.tensor_opt(3))),
        &["[2,3], [2,4], [2,3,4], [2]", "[3], [4], [2,3,4]", "[2,1,3], [2,1,2], [2,3,2], [2]", "[0,3], [0,2], [2,3,2]"],
    ),
    op(
        "chain_matmul(Tensor[] matrices)",
        TORCH,
        "Returns the product of several matrices, multiplied in the order that takes the fewest steps.",
        |a| value(compound::chain_matmul(&a.tensors(0))),
        &["([2,3],[3,4],[4,1])", "([2,3],)"],
    ),
    op(
        "_linalg_multi_dot(Tensor[] tensors)",
        super::PRIVATE,
        "Returns the product of two or more matrices, multiplied in the order that takes the fewest steps; the first \
         and the last may be vectors.",
        |a| value(multi_dot(&a.tensors(0))),
        &["([2,3],[3,4],[4,1])", "([3],[3,4],[4])", "([2,5],[5,1],[1,4],[4,3])"],
    ),
    op(
        "kron(Tensor input, Tensor other)",
        TORCH | METHOD,
        "Returns the Kronecker product: every element of input times all of other, laid out in blocks.",
        |a| value(kron(a.tensor(0), a.tensor(1))),
        &["[2,3], [3,2]", "[2], [3]", "[2,2], [3]", "[], [2]", "[0,2], [3,2]"],
    ),
    op(
        "tensordot(Tensor a, Tensor b, any dims=2)",
        TORCH,
        "Returns the sums of products over pairs of dimensions: the last `dims` of a with the first of b, or the two \
         lists of dimensions given.",
        |a| value(compound::tensordot_row(a.tensor(0), a.tensor(1), a.value(2))),
        &[
            "[2,3,4], [3,4,2]",
            "[2,3], [3,2], 1",
            "[2,3], [2], 0",
            "[2,3,4], [4,2], ((0,2),(1,0))",
            "[2,3], [3,2], ((-1,),(0,))",
        ],
    ),
    op(
        "cdist(Tensor x1, Tensor x2, float p=2.0, any compute_mode=None)",
        TORCH,
        "Returns the matrix of distances between the rows of x1 and those of x2, in the norm of order p.",
        |a| value(cdist(a.tensor(0), a.tensor(1), a.float(2))),
        &[
            "[2,3], [4,3]",
            "[2,2,3], [4,3]",
            "[2,3], [4,3], 1.0",
            "[2,3], [4,3], 3.0",
            "[2,3], [1,3], 1.5",
            "[0,3], [4,3]",
            "[2,0], [4,0]",
        ],
    ),
];
