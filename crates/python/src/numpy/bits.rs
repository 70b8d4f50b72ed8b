//! A source of random bits: one of numpy's two generators, and the whole numbers below a bound that are made of its bits.

use super::{mt19937::Mt19937, pcg64::Pcg64};

/// What all distributions draw from.
#[derive(Clone)]
pub(crate) enum Bits {
    /// Behind `numpy.random.RandomState` and the functions of `numpy.random`.
    Mt(Box<Mt19937>),
    /// Behind `numpy.random.default_rng`.
    Pcg(Pcg64),
}

impl Bits {
    pub(crate) fn next_u32(&mut self) -> u32 {
        match self {
            Bits::Mt(mt) => mt.next_u32(),
            Bits::Pcg(pcg) => pcg.next_u32(),
        }
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        match self {
            Bits::Mt(mt) => mt.next_u64(),
            Bits::Pcg(pcg) => pcg.next_u64(),
        }
    }

    /// A number in [0, 1) with 53 bits.
    pub(crate) fn next_double(&mut self) -> f64 {
        match self {
            Bits::Mt(mt) => mt.next_double(),
            Bits::Pcg(pcg) => pcg.next_double(),
        }
    }

    /// A number in [0, 1) with 24 bits.
    pub(crate) fn next_float(&mut self) -> f32 {
        (self.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
    }

    /// A whole number from 0 to `last`, by drawing as many bits as it has until they fit.
    pub(crate) fn masked(&mut self, last: u64) -> u64 {
        if last == 0 {
            return 0;
        }
        let mask = u64::MAX >> last.leading_zeros();
        loop {
            let value = if last <= 0xffff_ffff { u64::from(self.next_u32()) } else { self.next_u64() } & mask;
            if value <= last {
                return value;
            }
        }
    }

    /// A whole number from 0 to `last`, by Lemire's multiplication (2019).
    pub(crate) fn lemire(&mut self, last: u64) -> u64 {
        match last {
            0 => 0,
            0xffff_ffff => u64::from(self.next_u32()),
            u64::MAX => self.next_u64(),
            1..=0xffff_fffe => {
                let count = last as u32 + 1;
                let mut product = u64::from(self.next_u32()) * u64::from(count);
                if (product as u32) < count {
                    let threshold = count.wrapping_neg() % count;
                    while (product as u32) < threshold {
                        product = u64::from(self.next_u32()) * u64::from(count);
                    }
                }
                product >> 32
            }
            _ => {
                let count = last + 1;
                let mut product = u128::from(self.next_u64()) * u128::from(count);
                if (product as u64) < count {
                    let threshold = count.wrapping_neg() % count;
                    while (product as u64) < threshold {
                        product = u128::from(self.next_u64()) * u128::from(count);
                    }
                }
                (product >> 64) as u64
            }
        }
    }

    /// `count` whole numbers of one byte from 0 to `last`, four from each word.
    pub(crate) fn bytes(&mut self, last: u8, count: usize, masked: bool) -> Vec<u8> {
        let (mut word, mut left) = (0u32, 0);
        let mut next = |bits: &mut Bits| {
            if left == 0 {
                word = bits.next_u32();
                left = 4;
            } else {
                word >>= 8;
            }
            left -= 1;
            word as u8
        };
        let draw = |_| match last {
            0 => 0,
            u8::MAX => next(self),
            _ if masked => {
                let mask = u8::MAX >> last.leading_zeros();
                loop {
                    let value = next(self) & mask;
                    if value <= last {
                        break value;
                    }
                }
            }
            _ => {
                let count = last + 1;
                let mut product = u16::from(next(self)) * u16::from(count);
                if (product as u8) < count {
                    let threshold = count.wrapping_neg() % count;
                    while (product as u8) < threshold {
                        product = u16::from(next(self)) * u16::from(count);
                    }
                }
                (product >> 8) as u8
            }
        };
        (0..count).map(draw).collect()
    }

    /// `count` bits, 32 from each word.
    pub(crate) fn booleans(&mut self, count: usize) -> Vec<bool> {
        let mut word = 0;
        (0..count)
            .map(|i| {
                word = if i % 32 == 0 { self.next_u32() } else { word >> 1 };
                word & 1 == 1
            })
            .collect()
    }

    /// Shuffles the items of a slice from `first` on, beginning at its end, as numpy does.
    pub(crate) fn shuffle(&mut self, items: &mut [i64], first: usize, masked: bool) {
        for i in (first..items.len()).rev() {
            let j = if masked { self.masked(i as u64) } else { self.lemire(i as u64) };
            items.swap(i, j as usize);
        }
    }
}
