"""Names that PyTorch 2.15 has and this package has not, module by module; see `_absent`.

A name that the package has may stand here too: the table is only asked about names that were not found.
The rows are words in a string, which load faster than lists. `Tensor` holds the names of methods.
"""

NAMES = {
    "": (
        "AVG onnx BFloat16Storage BFloat16Tensor BoolStorage ByteStorage CharStorage CharTensor "
        "ComplexDoubleStorage ComplexFloatStorage DoubleStorage Event FloatStorage GradScaler HalfStorage "
        "HalfTensor IntStorage LongStorage PRIVATE_OPS QInt32Storage QInt8Storage QUInt2x4Storage "
        "QUInt4x2Storage QUInt8Storage SUM ShortStorage ShortTensor Storage Stream TYPE_CHECKING TypedStorage "
        "USE_GLOBAL_DEPS USE_RTLD_GLOBAL_WITH_LIBTORCH UntypedStorage abs abs_ absolute acos acos_ acosh "
        "acosh_ adaptive_avg_pool1d adaptive_max_pool1d add addbmm addcdiv addcmul addmm addmv addmv_ addr "
        "adjoint affine_grid_generator alias_copy all allclose alpha_dropout alpha_dropout_ amax amin aminmax "
        "any ao arange arccos arccos_ arccosh arccosh_ arcsin arcsin_ arcsinh arcsinh_ arctan arctan2 arctan_ "
        "arctanh arctanh_ are_deterministic_algorithms_enabled argmax argmin argsort argwhere as_strided "
        "as_strided_ as_strided_copy as_strided_scatter as_tensor asarray asin asin_ asinh asinh_ atan atan2 "
        "atan_ atanh atanh_ atleast_1d atleast_2d atleast_3d avg_pool1d baddbmm batch_norm "
        "batch_norm_backward_elemt batch_norm_backward_reduce batch_norm_elemt batch_norm_gather_stats "
        "batch_norm_gather_stats_with_counts batch_norm_stats batch_norm_update_stats bcomplex32 bernoulli "
        "bfloat16 bilinear binary_cross_entropy_with_logits bincount binomial bit bits16 bits1x8 bits2x4 "
        "bits4x2 bits8 bitwise_and bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor "
        "block_diag bmm broadcast_shapes broadcast_tensors broadcast_to bucketize can_cast cartesian_prod cat "
        "ccol_indices_copy cdist cdouble ceil ceil_ celu celu_ cfloat chain_matmul chalf channel_shuffle "
        "channels_last_3d cholesky cholesky_inverse cholesky_solve choose_qparams_optimized chunk clamp clamp_ "
        "clamp_max clamp_max_ clamp_min clamp_min_ classes clip clip_ clone col_indices_copy column_stack "
        "combinations compile compiled_with_cxx11_abi complex128 complex32 complex64 concat concatenate cond "
        "conj_physical conj_physical_ constant_pad_nd conv1d conv2d conv3d conv_tbc conv_transpose1d "
        "conv_transpose2d conv_transpose3d convolution copysign corrcoef cos cos_ cosh cosh_ "
        "cosine_embedding_loss cosine_similarity count_nonzero cov cpp cross crow_indices_copy ctc_loss cummax "
        "cummin cumprod cumsum cumulative_trapezoid deg2rad deg2rad_ dequantize det detach detach_ detach_copy "
        "diag diag_embed diagflat diagonal diagonal_copy diagonal_scatter diff digamma dist distributed "
        "distributions div divide dot dropout dropout_ dsmm dsplit dstack eig einsum embedding embedding_bag "
        "embedding_renorm_ empty empty_like empty_permuted empty_quantized empty_strided eq equal erf erf_ "
        "erfc erfc_ erfinv exp exp2 exp2_ exp_ expand_copy expm1 expm1_ export eye "
        "fake_quantize_per_channel_affine fake_quantize_per_tensor_affine feature_alpha_dropout "
        "feature_alpha_dropout_ feature_dropout feature_dropout_ fill fill_ fix fix_ flatten flip fliplr "
        "flipud float16 float4_e2m1fn_x2 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz "
        "float8_e8m0fnu float_power floor floor_ floor_divide fmax fmin fmod foreach frac frac_ frexp "
        "frobenius_norm from_dlpack from_file from_numpy frombuffer full full_like "
        "fused_moving_avg_obs_fake_quant futures fx gather gcd gcd_ ge geqrf ger get_default_device "
        "get_default_dtype get_deterministic_debug_mode get_device get_device_module "
        "get_float32_matmul_precision get_num_interop_threads get_num_threads get_rng_state gradient greater "
        "greater_equal grid_sampler grid_sampler_2d grid_sampler_3d group_norm gru gt half hardshrink "
        "has_lapack has_mkl has_openmp has_spectral hash_tensor heaviside hinge_embedding_loss histc histogram "
        "histogramdd hsmm hsplit hspmm hstack hub hypot i0 i0_ igamma igammac index_add index_copy index_fill "
        "index_put index_put_ index_reduce index_select indices_copy initial_seed inner instance_norm int1 "
        "int16 int2 int3 int4 int5 int6 int7 int8 int_repr inverse is_anomaly_check_nan_enabled "
        "is_anomaly_enabled is_complex is_conj is_deterministic_algorithms_warn_only_enabled is_distributed "
        "is_floating_point is_grad_enabled is_inference is_inference_mode_enabled is_neg is_nonzero "
        "is_same_size is_signed is_storage is_tensor is_vulkan_available is_warn_always_enabled isclose "
        "isfinite isin isinf isnan isneginf isposinf isreal jagged jit kl_div kron kthvalue layer_norm lcm "
        "lcm_ ldexp ldexp_ le legacy_contiguous_format lerp less less_equal lgamma library linspace load "
        "lobpcg log log10 log10_ log1p log1p_ log2 log2_ log_ log_softmax logaddexp logaddexp2 logcumsumexp "
        "logdet logical_and logical_not logical_or logical_xor logit logit_ logspace logsumexp lstm lstsq lt "
        "lu lu_solve lu_unpack manual_seed margin_ranking_loss masked masked_fill masked_scatter masked_select "
        "matmul matrix_exp matrix_power matrix_rank max max_pool1d max_pool1d_with_indices max_pool2d "
        "max_pool3d maximum mean median meshgrid min minimum mm mode monitor moveaxis movedim msort mtia mul "
        "multinomial multiply multiprocessing mv mvlgamma nan_to_num nan_to_num_ nanmean nanmedian nanquantile "
        "nansum narrow narrow_copy ne neg neg_ negative negative_ nested nextafter nonzero nonzero_static norm "
        "norm_except_dim normal not_equal nuclear_norm numel ones ones_like ops orgqr ormqr outer overrides "
        "package pairwise_distance pca_lowrank pdist per_channel_affine per_channel_affine_float_qparams "
        "per_channel_symmetric per_tensor_affine per_tensor_symmetric permute permute_copy pinverse "
        "pixel_shuffle pixel_unshuffle poisson poisson_nll_loss polygamma positive pow prelu prod profiler "
        "promote_types put q_per_channel_axis q_per_channel_scales q_per_channel_zero_points q_scale "
        "q_zero_point qint32 qint8 qr quantile quantization quantize_per_channel quantize_per_tensor "
        "quantize_per_tensor_dynamic quasirandom quint2x4 quint4x2 quint8 rad2deg rad2deg_ rand rand_like "
        "randint randint_like randn randn_like randperm range ravel reciprocal reciprocal_ relu relu_ "
        "remainder renorm repeat_interleave reshape resize_as_ resize_as_sparse_ resolve_conj resolve_neg "
        "result_type return_types rms_norm rnn_relu rnn_tanh roll rot90 round round_ row_indices_copy "
        "row_stack rrelu rrelu_ rsqrt rsqrt_ rsub saddmm save scalar_tensor scatter scatter_add scatter_reduce "
        "searchsorted seed segment_reduce select select_copy select_scatter selu selu_ set_anomaly_enabled "
        "set_default_device set_default_dtype set_default_tensor_type set_deterministic_debug_mode "
        "set_float32_matmul_precision set_flush_denormal set_num_interop_threads set_num_threads "
        "set_printoptions set_rng_state set_warn_always sgn short sigmoid sigmoid_ sign signal signbit sin "
        "sin_ sinc sinc_ sinh sinh_ slice_copy slice_inverse slice_scatter slogdet smm softmax solve sort "
        "sparse sparse_bsc sparse_bsc_tensor sparse_bsr sparse_bsr_tensor sparse_compressed_tensor sparse_coo "
        "sparse_coo_tensor sparse_csc sparse_csc_tensor sparse_csr sparse_csr_tensor special split split_copy "
        "split_with_sizes split_with_sizes_copy spmm sqrt sqrt_ square square_ squeeze squeeze_copy sspaddmm "
        "stack std std_mean storage sub subtract sum svd svd_lowrank swapaxes swapdims symeig t t_copy take "
        "take_along_dim tan tan_ tanh tanh_ tensor tensor_split tensordot thread_safe_generator threshold "
        "threshold_ tile to_dlpack topk torch_version trace transpose transpose_copy trapezoid trapz "
        "triangular_solve tril tril_indices triplet_margin_loss triu triu_indices true_divide trunc trunc_ "
        "typename uint1 uint16 uint2 uint3 uint32 uint4 uint5 uint6 uint64 uint7 unbind unbind_copy unflatten "
        "unfold_copy unique unique_consecutive unravel_index unsafe_chunk unsafe_split unsafe_split_with_sizes "
        "unsqueeze unsqueeze_copy use_deterministic_algorithms values_copy vander var var_mean vdot "
        "view_as_complex_copy view_as_real_copy view_copy vmap vsplit vstack where while_loop windows xlogy "
        "xlogy_ zero_ zeros zeros_like "
    ),
    "nn": (
        "AdaptiveAvgPool3d AdaptiveLogSoftmaxWithLoss AdaptiveMaxPool3d AvgPool3d BatchNorm3d CircularPad3d "
        "ConstantPad3d Container Conv3d ConvTranspose3d CrossMapLRN2d DataParallel Dropout3d "
        "FractionalMaxPool2d FractionalMaxPool3d InstanceNorm3d LPPool3d LazyBatchNorm1d LazyBatchNorm2d "
        "LazyBatchNorm3d LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d "
        "LazyConvTranspose3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear "
        "LinearCrossEntropyLoss LinearCrossEntropyOptions MaxPool3d MaxUnpool1d MaxUnpool3d NLLLoss2d "
        "ReflectionPad3d ReplicationPad3d SyncBatchNorm UninitializedBuffer UninitializedParameter ZeroPad3d "
        "common_types factory_kwargs grad intrinsic parallel qat quantizable quantized "
    ),
    "nn.functional": (
        "GRID_SAMPLE_INTERPOLATION_MODES GRID_SAMPLE_PADDING_MODES TYPE_CHECKING adaptive_avg_pool1d "
        "adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool1d_with_indices "
        "adaptive_max_pool2d adaptive_max_pool2d_with_indices adaptive_max_pool3d "
        "adaptive_max_pool3d_with_indices affine_grid alpha_dropout avg_pool1d avg_pool2d avg_pool3d "
        "batch_norm bilinear binary_cross_entropy binary_cross_entropy_with_logits celu celu_ channel_shuffle "
        "conv1d conv2d conv3d conv_tbc conv_transpose1d conv_transpose2d conv_transpose3d "
        "cosine_embedding_loss cosine_similarity cross_entropy dropout dropout1d dropout2d dropout3d elu elu_ "
        "embedding embedding_bag feature_alpha_dropout fold fractional_max_pool2d "
        "fractional_max_pool2d_with_indices fractional_max_pool3d fractional_max_pool3d_with_indices "
        "gaussian_nll_loss gelu glu grad grid_sample group_norm grouped_mm gumbel_softmax hardshrink "
        "hardsigmoid hardswish hardtanh hardtanh_ hinge_embedding_loss huber_loss instance_norm interpolate "
        "kl_div l1_loss layer_norm leaky_relu leaky_relu_ linear linear_cross_entropy local_response_norm "
        "log_softmax logsigmoid lp_pool1d lp_pool2d lp_pool3d margin_ranking_loss max_pool1d "
        "max_pool1d_with_indices max_pool2d max_pool2d_with_indices max_pool3d max_pool3d_with_indices "
        "max_unpool1d max_unpool2d max_unpool3d mish mse_loss multi_margin_loss multilabel_margin_loss "
        "multilabel_soft_margin_loss nll_loss normalize one_hot pad pairwise_distance pdist pixel_shuffle "
        "pixel_unshuffle poisson_nll_loss prelu relu relu6 relu_ rms_norm rrelu rrelu_ scaled_addmm "
        "scaled_addmm_ scaled_dot_product_attention scaled_grouped_mm scaled_mm selu selu_ sigmoid silu "
        "smooth_l1_loss soft_margin_loss softmax softmin softplus softshrink softsign tanh tanhshrink "
        "threshold threshold_ triplet_margin_loss triplet_margin_with_distance_loss unfold upsample "
        "upsample_bilinear upsample_nearest "
    ),
    "nn.utils": (
        "convert_conv2d_weight_memory_format convert_conv3d_weight_memory_format fuse_conv_bn_eval "
        "fuse_conv_bn_weights fuse_linear_bn_eval fuse_linear_bn_weights fusion prune remove_spectral_norm "
        "skip_init spectral_norm stateless "
    ),
    "optim": (
        "ASGD Adafactor Muon SparseAdam functional swa_utils swap_in_optimizer_params_and_state "
    ),
    "optim.lr_scheduler": (
        "TYPE_CHECKING "
    ),
    "autograd": (
        "SavedTensor anomaly_mode forward_ad graph is_multithreading_enabled is_tensor_like "
        "is_view_replay_enabled kineto_available profiler variable "
    ),
    "utils": (
        "backcompat backend_registration benchmark bottleneck cmake_prefix_path collect_env cpp_backtrace "
        "cpp_extension deterministic dlpack generate_methods_for_privateuse1_backend get_cpp_backtrace "
        "mobile_optimizer model_zoo rename_privateuse1_backend set_module swap_tensors "
        "throughput_benchmark weak "
    ),
    "utils.data": (
        "DistributedSampler IterDataPipe MapDataPipe datapipes distributed graph graph_settings "
    ),
    "linalg": (
        "cholesky_ex cond eig eigh eigvals eigvalsh householder_product inv_ex ldl_factor ldl_factor_ex "
        "ldl_solve lu lu_factor lu_factor_ex lu_solve matrix_exp matrix_rank matrix_sqrth pinv polar solve_ex "
        "solve_triangular svd svdvals tensorinv tensorsolve vander "
    ),
    "cuda": (
        "BFloat16Storage BFloat16Tensor BoolStorage BoolTensor ByteStorage ByteTensor CUDAGraph CharStorage "
        "CharTensor ComplexDoubleStorage ComplexFloatStorage DoubleStorage DoubleTensor Event FloatStorage "
        "FloatTensor HalfStorage HalfTensor IntStorage IntTensor LongStorage LongTensor ShortStorage "
        "ShortTensor Stream TYPE_CHECKING can_device_access_peer change_current_allocator clock_rate cudart "
        "current_blas_handle current_solver_handle current_stream default_generators default_stream "
        "device_memory_used export_dot export_graph_data gds get_allocator_backend get_gencode_flags "
        "get_per_process_memory_fraction get_rng_state get_rng_state_all get_stream_from_external "
        "get_sync_debug_mode graph_annotations graph_pool_handle graphs green_contexts host_memory_stats "
        "host_memory_stats_as_nested_dict initial_seed ipc_collect is_current_stream_capturing "
        "is_tf32_supported jiterator list_gpu_processes make_graphed_callables max_memory_cached mem_get_info "
        "memory memory_cached memory_snapshot memory_stats memory_stats_as_nested_dict memory_summary "
        "memory_usage nccl nvtx power_draw profiler random reset_accumulated_host_memory_stats "
        "reset_accumulated_memory_stats reset_max_memory_allocated reset_max_memory_cached "
        "reset_peak_host_memory_stats set_per_process_memory_fraction set_rng_state set_rng_state_all "
        "set_stream set_sync_debug_mode sparse stream streams temperature tunable use_mem_pool utilization "
    ),
    "amp": (
        "custom_bwd custom_fwd grad_scaler "
    ),
    "backends": (
        "cpu cusparselt kleidiai miopen nnpack opt_einsum python_native quantized "
    ),
    "cpu": (
        "Event Stream amp current_stream get_capabilities is_initialized set_device stream "
    ),
    "mps": (
        "Event Stream compile_shader current_allocated_memory current_stream default_stream "
        "driver_allocated_memory empty_cache event get_rng_state load_metallib manual_seed profiler "
        "recommended_max_memory seed set_per_process_memory_fraction set_rng_state set_stream stream streams "
        "synchronize "
    ),
    "xpu": (
        "Event Stream TYPE_CHECKING can_device_access_peer change_current_allocator clock_rate current_device "
        "current_stream default_generators device_memory_used empty_cache get_arch_list get_device_capability "
        "get_device_name get_device_properties get_gencode_flags get_per_process_memory_fraction "
        "get_rng_state get_rng_state_all get_stream_from_external graph_pool_handle graphs initial_seed "
        "is_bf16_supported is_current_stream_capturing is_initialized is_tf32_supported list_gpu_processes "
        "make_graphed_callables manual_seed manual_seed_all max_memory_allocated max_memory_reserved "
        "mem_get_info memory memory_allocated memory_reserved memory_snapshot memory_stats "
        "memory_stats_as_nested_dict memory_usage power_draw random reset_accumulated_memory_stats "
        "reset_peak_memory_stats seed seed_all set_device set_per_process_memory_fraction set_rng_state "
        "set_rng_state_all set_stream stream streams synchronize temperature use_mem_pool utilization "
    ),
    "accelerator": (
        "current_device_idx current_device_index current_stream empty_cache empty_host_cache "
        "get_device_capability get_memory_info graphs max_memory_allocated max_memory_reserved memory "
        "memory_allocated memory_reserved memory_stats random reset_accumulated_memory_stats "
        "reset_peak_memory_stats set_device_idx set_device_index set_stream "
    ),
    "compiler": (
        "TYPE_CHECKING allow_in_graph assume_constant_result compile config cudagraph_mark_step_begin "
        "cudagraph_mark_warmup_incomplete get_default_backend is_exporting keep_portable_guards_unsafe "
        "keep_tensor_guards_unsafe list_backends load_cache_artifacts load_compiled_function "
        "nested_compile_region nonstrict_trace precompile save_cache_artifacts set_default_backend "
        "set_enable_guard_collectives set_stance skip_all_guards_unsafe skip_guard_on_all_nn_modules_unsafe "
        "skip_guard_on_globals_unsafe skip_guard_on_inbuilt_nn_modules_unsafe substitute_in_graph wrap_numpy "
    ),
    "testing": (
        "assert_allclose make_tensor "
    ),
    "func": (
        "debug_unwrap functionalize hessian jacfwd jacrev jvp linearize rearrange "
        "replace_all_batch_norm_modules_ stack_module_state vjp vmap "
    ),
    "fft": (
        "hfft hfft2 hfftn ihfft ihfft2 ihfftn "
    ),
    "nn.attention": (
        "bias flex_attention varlen "
    ),
    "nn.utils.parametrizations": (
        "orthogonal "
    ),
    "nn.utils.parametrize": (
        "cached transfer_parametrizations_and_params "
    ),
    "utils.checkpoint": (
        "CheckpointPolicy SelectiveCheckpointContext create_selective_checkpoint_contexts "
        "set_checkpoint_debug_enabled set_checkpoint_early_stop "
    ),
    "nn.utils.rnn": (
        "bind copy_method_params "
    ),
    "Tensor": (
        "abs abs_ absolute absolute_ acos acos_ acosh acosh_ add add_ addbmm addbmm_ addcdiv addcdiv_ addcmul "
        "addcmul_ addmm addmm_ addmv addmv_ addr addr_ adjoint all allclose amax amin aminmax any apply_ "
        "arccos arccos_ arccosh arccosh_ arcsin arcsin_ arcsinh arcsinh_ arctan arctan2 arctan2_ arctan_ "
        "arctanh arctanh_ argmax argmin argsort argwhere as_strided as_strided_ as_strided_scatter as_subclass "
        "asin asin_ asinh asinh_ atan atan2 atan2_ atan_ atanh atanh_ backward baddbmm baddbmm_ bernoulli "
        "bernoulli_ bfloat16 bincount bitwise_and bitwise_and_ bitwise_left_shift bitwise_left_shift_ "
        "bitwise_not bitwise_not_ bitwise_or bitwise_or_ bitwise_right_shift bitwise_right_shift_ bitwise_xor "
        "bitwise_xor_ bmm bool broadcast_to byte cauchy_ ccol_indices cdouble ceil ceil_ cfloat chalf char "
        "cholesky cholesky_inverse cholesky_solve chunk clamp clamp_ clamp_max clamp_max_ clamp_min clamp_min_ "
        "clip clip_ clone coalesce col_indices conj_physical conj_physical_ const_data_ptr contiguous copy_ "
        "copysign copysign_ corrcoef cos cos_ cosh cosh_ count_nonzero cov cpu cross crow_indices cuda cummax "
        "cummin cumprod cumprod_ cumsum cumsum_ data_ptr deg2rad deg2rad_ dense_dim dequantize det detach "
        "detach_ diag diag_embed diagflat diagonal diagonal_scatter diff digamma digamma_ dim dim_order dist "
        "div div_ divide divide_ dot double dsplit eig element_size eq eq_ equal erf erf_ erfc erfc_ erfinv "
        "erfinv_ exp exp2 exp2_ exp_ expand expand_as expm1 expm1_ exponential_ fill_ fill_diagonal_ fix fix_ "
        "flatten flip fliplr flipud float float_power float_power_ floor floor_ floor_divide floor_divide_ "
        "fmax fmin fmod fmod_ frac frac_ frexp gather gcd gcd_ ge ge_ geometric_ geqrf ger get_device greater "
        "greater_ greater_equal greater_equal_ gt gt_ half hardshrink hash_tensor heaviside heaviside_ histc "
        "histogram hsplit hypot hypot_ i0 i0_ igamma igamma_ igammac igammac_ index index_add index_add_ "
        "index_copy index_copy_ index_fill index_fill_ index_put index_put_ index_reduce index_reduce_ "
        "index_select indices inner int int_repr inverse ipu is_coalesced is_complex is_conj is_contiguous "
        "is_distributed is_floating_point is_inference is_neg is_nonzero is_pinned is_same_size is_set_to "
        "is_shared is_signed isclose isfinite isinf isnan isneginf isposinf isreal istft item kron kthvalue "
        "lcm lcm_ ldexp ldexp_ le le_ lerp lerp_ less less_ less_equal less_equal_ lgamma lgamma_ log log10 "
        "log10_ log1p log1p_ log2 log2_ log_ log_normal_ log_softmax logaddexp logaddexp2 logcumsumexp logdet "
        "logical_and logical_and_ logical_not logical_not_ logical_or logical_or_ logical_xor logical_xor_ "
        "logit logit_ logsumexp long lstsq lt lt_ lu lu_solve map2_ map_ masked_fill masked_fill_ "
        "masked_scatter masked_scatter_ masked_select matmul matrix_exp matrix_power max maximum mean median "
        "min minimum mm mode module_load moveaxis movedim msort mtia mul mul_ multinomial multiply multiply_ "
        "mv mvlgamma mvlgamma_ nan_to_num nan_to_num_ nanmean nanmedian nanquantile nansum narrow narrow_copy "
        "ndimension ne ne_ neg neg_ negative negative_ nelement new new_empty new_empty_strided new_full "
        "new_ones new_tensor new_zeros nextafter nextafter_ nonzero nonzero_static norm normal_ not_equal "
        "not_equal_ numel numpy orgqr ormqr outer permute pin_memory pinverse polygamma polygamma_ positive "
        "pow pow_ prelu prod put put_ q_per_channel_axis q_per_channel_scales q_per_channel_zero_points "
        "q_scale q_zero_point qr qscheme quantile rad2deg rad2deg_ random_ ravel reciprocal reciprocal_ "
        "record_stream register_hook register_post_accumulate_grad_hook reinforce relu relu_ remainder "
        "remainder_ renorm renorm_ repeat repeat_interleave requires_grad_ reshape reshape_as resize resize_ "
        "resize_as resize_as_ resize_as_sparse_ resolve_conj resolve_neg retain_grad roll rot90 round round_ "
        "row_indices rsqrt rsqrt_ scatter scatter_ scatter_add scatter_add_ scatter_reduce scatter_reduce_ "
        "select select_scatter set_ sgn sgn_ share_memory_ short sigmoid sigmoid_ sign sign_ signbit sin sin_ "
        "sinc sinc_ sinh sinh_ size slice_inverse slice_scatter slogdet smm softmax solve sort sparse_dim "
        "sparse_mask sparse_resize_ sparse_resize_and_clear_ split split_with_sizes sqrt sqrt_ square square_ "
        "squeeze squeeze_ sspaddmm std storage storage_offset storage_type stride sub sub_ subtract subtract_ "
        "sum sum_to_size svd swapaxes swapaxes_ swapdims swapdims_ symeig t t_ take take_along_dim tan tan_ "
        "tanh tanh_ tensor_split tile to to_dense to_mkldnn to_padded_tensor to_sparse to_sparse_bsc "
        "to_sparse_bsr to_sparse_coo to_sparse_csc to_sparse_csr tolist topk trace transpose transpose_ "
        "triangular_solve tril tril_ triu triu_ true_divide true_divide_ trunc trunc_ type type_as unbind "
        "unflatten unfold uniform_ unique unique_consecutive unsafe_chunk unsafe_split unsafe_split_with_sizes "
        "unsqueeze unsqueeze_ untyped_storage values var vdot view view_as vsplit where xlogy xlogy_ xpu zero_ "
    ),
}


HINTS = {
    "nn.SyncBatchNorm": "Lyceum computes on one CPU; use nn.BatchNorm2d",
    "nn.utils.spectral_norm": "use torch.nn.utils.parametrizations.spectral_norm",
    "nn.functional.upsample": "use torch.nn.functional.interpolate",
    "jit": "use the module as it is",
}
"""What to do instead, for names that have an answer."""
