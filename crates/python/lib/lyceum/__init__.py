"""The learner's helpers of Lyceum."""
