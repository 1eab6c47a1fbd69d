//! The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes.

use super::{Entered, Grant, Identity, IdentityError};
use crate::error::Refusal;
use crate::request::Origin;
use domain::ids::UserId;
use domain::user::{User, UserFact};
use qrcode::QrCode;
use qrcode::render::svg;
use store::LogId;
use store::vault::{Bound, Purpose};
use totp_rs::{Algorithm, Builder, Totp, TotpError};

/// What is told apart by the same letters in every typeface.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const RECOVERY_CODES: usize = 10;
/// Digits of a code, seconds of a time step, steps of tolerance to either side.
const DIGITS: u8 = 6;
const STEP: u64 = 30;
const SKEW: u16 = 1;

/// What an authenticator app needs to make codes.
#[derive(Clone)]
pub struct Enrolment {
    /// The seed, to be typed in: base 32.
    pub secret: String,
    /// The same as `otpauth://totp/…`.
    pub uri: String,
    /// That as a QR code to be scanned: SVG.
    pub qr: String,
}

fn app(seed: &[u8], account: &str) -> Result<Totp, TotpError> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_step_duration(STEP)
        .with_skew(SKEW)
        .with_secret(seed.to_vec())
        .with_issuer(Some("Hindsight"))
        .with_account_name(account.replace(':', "_"))
        .build()
}

fn broken(_: impl std::fmt::Debug) -> IdentityError {
    // Whatever it says, it may say the seed.
    IdentityError::Seed
}

fn is_code(text: &str) -> bool {
    text.len() == usize::from(DIGITS) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A recovery code as it is compared: without what people put in between.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

impl Identity {
    /// Asks for the second factor of somebody who knew the password.
    pub(super) async fn challenge(&self, user: UserId) -> Result<Entered, IdentityError> {
        let commands = &self.inner.commands;
        let bound = Bound { user: Some(user), ..Bound::default() };
        let expires_at = commands.clock().now() + Purpose::SecondFactor.lifetime();
        let tokens = &self.inner.tokens;
        // Beside earlier ones: one may log in on two machines at once.
        let issued = tokens
            .issue_as(commands.ids().next(), Purpose::SecondFactor, bound, expires_at, false)
            .await?;
        Ok(Entered::SecondFactor { challenge: tokens.reveal(issued.id), expires_at })
    }

    /// Whose second factor a challenge asks for.
    pub async fn challenged(&self, challenge: &str) -> Result<UserId, IdentityError> {
        let good = self.inner.tokens.look(Purpose::SecondFactor, challenge).await?;
        good.and_then(|good| good.bound.user).ok_or(IdentityError::BadLink)
    }

    /// Opens the session of whoever knew the password and has the second factor.
    pub async fn enter_second_factor(
        &self,
        origin: &Origin,
        challenge: &str,
        code: &str,
    ) -> Result<Grant, IdentityError> {
        let user = self.challenged(challenge).await?;
        self.check_code(origin, user, code).await?;
        let consumed = self.inner.tokens.consume(Purpose::SecondFactor, challenge).await?;
        consumed.ok_or(IdentityError::BadLink)?;
        let membership = self.landing(user).await?;
        self.open_session(origin, user, membership).await
    }

    /// Uses up a code, or a recovery code, of a user.
    pub(super) async fn check_code(
        &self,
        origin: &Origin,
        user: UserId,
        code: &str,
    ) -> Result<(), IdentityError> {
        let vault = &self.inner.vault;
        let totp = vault.totp(user).await?.filter(|totp| totp.enabled);
        let totp = totp.ok_or(IdentityError::WrongCode)?;
        let code = code.trim();
        if is_code(code) {
            return self.use_code(user, &totp.seed, code).await;
        }
        let hash = self.inner.keys.recovery(user, &plain(code));
        if !vault.use_recovery_code(user, &hash, self.inner.commands.clock().now()).await? {
            return Err(IdentityError::WrongCode);
        }
        self.note(origin, user, UserFact::RecoveryCodeUsed).await
    }

    async fn use_code(&self, user: UserId, sealed: &[u8], code: &str) -> Result<(), IdentityError> {
        let seed = self.inner.seeds.open(user.0.as_bytes(), sealed).ok_or(IdentityError::Seed)?;
        let now = self.inner.commands.clock().now().timestamp().unsigned_abs();
        let step = app(&seed, "").map_err(broken)?.check(code, now);
        let step = step.ok_or(IdentityError::WrongCode)?;
        if self.inner.vault.use_totp_step(user, sealed, step).await? {
            Ok(())
        } else {
            Err(IdentityError::WrongCode)
        }
    }

    /// Offers a user a new seed; it counts once a code confirms it.
    pub async fn offer_totp(&self, user: UserId) -> Result<Enrolment, IdentityError> {
        let inner = &self.inner;
        let seed = &inner.commands.ids().secret()[..20];
        let folded = inner.commands.load::<User>(LogId::PLATFORM, user.0).await?;
        let account = folded.state.email.as_deref().unwrap_or("account");
        let app = app(seed, account).map_err(broken)?;
        let uri = app.to_url().map_err(broken)?;
        let image = QrCode::new(&uri).map_err(broken)?;
        let qr = image.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
        let sealed = inner.seeds.seal(user.0.as_bytes(), seed).ok_or(IdentityError::Seed)?;
        if !inner.vault.offer_totp(user, &sealed).await? {
            let detail = "A second factor is set up already. Disable it first.";
            return Err(IdentityError::Refused(Refusal::new("totp_enabled", detail)));
        }
        Ok(Enrolment { secret: app.secret().to_base32(), uri, qr })
    }

    /// Asks for a code from now on, if `code` shows that the user's app makes the right ones;
    /// returns recovery codes, which cannot be had again.
    pub async fn confirm_totp(
        &self,
        origin: &Origin,
        user: UserId,
        code: &str,
    ) -> Result<Vec<String>, IdentityError> {
        let vault = &self.inner.vault;
        let offered = vault.totp(user).await?.filter(|totp| !totp.enabled);
        let offered = offered.ok_or_else(|| {
            let detail = "No second factor waits for its first code.";
            IdentityError::Refused(Refusal::new("totp_not_offered", detail))
        })?;
        if !is_code(code.trim()) {
            return Err(IdentityError::WrongCode);
        }
        self.use_code(user, &offered.seed, code.trim()).await?;
        let (codes, hashes) = self.recovery_codes(user);
        self.note(origin, user, UserFact::TotpEnabled).await?;
        vault.enable_totp(user, &hashes, self.inner.commands.clock().now()).await?;
        Ok(codes)
    }

    fn recovery_codes(&self, user: UserId) -> (Vec<String>, Vec<[u8; 32]>) {
        let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
        let code = || {
            let letters: Vec<char> =
                self.inner.commands.ids().secret().iter().take(16).map(letter).collect();
            letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
        };
        let codes: Vec<_> = std::iter::repeat_with(code).take(RECOVERY_CODES).collect();
        let hashes = codes.iter().map(|code| self.inner.keys.recovery(user, &plain(code)));
        let hashes = hashes.collect();
        (codes, hashes)
    }

    /// Puts new recovery codes in the place of all before.
    pub async fn renew_recovery_codes(
        &self,
        origin: &Origin,
        user: UserId,
    ) -> Result<Vec<String>, IdentityError> {
        if !self.has_totp(user).await? {
            let detail = "There is no second factor to recover.";
            return Err(IdentityError::Refused(Refusal::new("totp_disabled", detail)));
        }
        let (codes, hashes) = self.recovery_codes(user);
        self.note(origin, user, UserFact::RecoveryCodesMade).await?;
        self.inner.vault.set_recovery_codes(user, &hashes).await?;
        Ok(codes)
    }

    /// Asks for no second factor any more. Without one, it is already so.
    pub async fn disable_totp(&self, origin: &Origin, user: UserId) -> Result<(), IdentityError> {
        if self.has_totp(user).await? {
            self.note(origin, user, UserFact::TotpDisabled).await?;
        }
        Ok(self.inner.vault.disable_totp(user).await?)
    }

    /// Whether a user is asked for a second factor.
    pub async fn has_totp(&self, user: UserId) -> Result<bool, IdentityError> {
        Ok(self.inner.vault.totp(user).await?.is_some_and(|totp| totp.enabled))
    }

    /// How many recovery codes a user has left.
    pub async fn recovery_codes_left(&self, user: UserId) -> Result<u64, IdentityError> {
        Ok(self.inner.vault.recovery_codes_left(user).await?)
    }
}
